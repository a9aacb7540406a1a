class Weather:
    quantities = (("temperature", "C", 2), ("humidity", "%", 1))

    def __init__(self, bus, address, samples):
        self.bus, self.address, self.samples = bus, address, samples


driver = Weather
