"""The demonstration: a made-up host, the connector and a worker, over real HTTP, once."""
