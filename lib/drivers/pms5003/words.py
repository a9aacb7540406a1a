"""What a PMS5003 says when something is wrong. Loaded while it is said."""

FAULTS = {
    "lost": "says nothing: check its 5 V, and that its TX goes to the pin named by rx and its RX to that by tx",
    "foreign": "says nothing that a PMS5003 would: another part, or its wires pick up noise",
    "crc": "sends damaged data (its checksum is wrong): shorten the wires and check its 5 V",
    "zeros": "sends zeros only: its fan or its laser does not run, check its 5 V",
    "error": "reports a fault of its own, of its fan or its laser: clean it with air, or replace it",
}
