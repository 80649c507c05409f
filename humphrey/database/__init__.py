"""The database: engine, transactions, tables and migrations. SQL is written here and in stores, nowhere else."""
