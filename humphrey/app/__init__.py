"""Join the parts. Frameworks are imported here, inside functions, when they are first needed."""
