"""What stands where a registry asks for a name: people, degrees, jobs, organizations, nobody."""
