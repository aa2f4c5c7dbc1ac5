"""What comes after a deploy: new stories are announced, and it is looked whether all arrived."""
