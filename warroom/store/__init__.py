"""Where it is kept: tables, migrations, the change log. SQLite by default, PostgreSQL by URL."""
