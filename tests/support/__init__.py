"""What tests have in common: sites, hosts, previews and browsers, none of them mocked."""
