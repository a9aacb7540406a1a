"""What a fan says when something is wrong, as far as its tacho tells. Loaded while it is said."""

FAULTS = {
    "still": "stands still though it is told to turn: check its supply, its blades and the wire of its tacho",
    "rattles": "gives more pulses than a fan can: its tacho's wire picks up noise, keep it away from that of the PWM",
}
