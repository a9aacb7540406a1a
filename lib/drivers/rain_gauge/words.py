"""What a rain gauge says when something is wrong. Loaded while it is said."""

FAULTS = {
    "rattles": "gives more pulses than it can: a wire is loose or picks up noise; 4.7 kΩ from it to 3.3 V may help",
}
