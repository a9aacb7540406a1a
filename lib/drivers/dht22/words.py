"""What a DHT22 or DHT11 says when something is wrong, after its name. Loaded while it is said."""

FAULTS = {
    "lost": "does not answer: check its power, that its data wire is on this pin, and, of a bare part, the resistor of "
    "5 to 10 kΩ from there to 3.3 V",
    "zeros": "sends only zeros: its data line is shorted to GND, or its supply is too weak",
    "ones": "sends only ones: its data line is disturbed, check GND and the resistor from data to 3.3 V",
    "crc": "sends damaged data (its checksum is wrong): shorten the wire, check its supply and the resistor to 3.3 V",
    "early": "is not ready: it was asked again too soon",
    "range": "reads what it cannot measure: check its wiring and its supply, then replace it",
    "dht11": 'answers as a DHT11 does: set its type to "dht11"',
    "dht22": 'answers as a DHT22 does: set its type to "dht22"',
}
