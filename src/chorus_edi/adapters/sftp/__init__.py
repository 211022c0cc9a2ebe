"""Partners' SFTP servers: connecting to them, fetching from them, pushing to them (paramiko)."""
