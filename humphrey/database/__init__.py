"""The database: engine, transactions, tables and migrations. SQL stands here and in stores, nowhere else."""
