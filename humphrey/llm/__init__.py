"""Language models at an endpoint: transport, failover, structured output, usage and quotas. No prompts here."""
