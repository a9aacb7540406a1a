"""Made-up parts: the node knows no part by name, so its tests need no real one."""
