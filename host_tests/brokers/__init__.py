"""The brokers that the client is tried against, what each of them lacks, and the tests that run on all of them."""
