"""What Home Assistant allows, for the drivers' schemas. Source: homeassistant/components/sensor/const.py, 2026.2."""

# The units of a sensor's device class; None: it has none.
UNITS = {
    "apparent_power": {"mVA", "VA", "kVA"},
    "aqi": {None},
    "area": {"m²", "cm²", "km²"},
    "atmospheric_pressure": {"cbar", "bar", "hPa", "mmHg", "inHg", "inH₂O", "kPa", "mbar", "Pa", "psi", "mPa"},
    "battery": {"%"},
    "carbon_dioxide": {"ppm"},
    "carbon_monoxide": {"ppm", "ppb", "mg/m³", "μg/m³"},
    "conductivity": {"S/cm", "mS/cm", "μS/cm"},
    "current": {"A", "mA"},
    "data_rate": {"bit/s", "kbit/s", "B/s", "kB/s"},
    "data_size": {"bit", "kbit", "B", "kB", "MB"},
    "distance": {"km", "m", "cm", "mm"},
    "duration": {"d", "h", "min", "s", "ms", "μs"},
    "energy": {"J", "kJ", "MJ", "mWh", "Wh", "kWh", "MWh"},
    "frequency": {"Hz", "kHz", "MHz", "GHz"},
    "gas": {"L", "m³"},
    "humidity": {"%"},
    "illuminance": {"lx"},
    "irradiance": {"W/m²"},
    "moisture": {"%"},
    "nitrogen_dioxide": {"ppb", "ppm", "μg/m³"},
    "ozone": {"ppb", "ppm", "μg/m³"},
    "ph": {None},
    "pm1": {"μg/m³"},
    "pm25": {"μg/m³"},
    "pm4": {"μg/m³"},
    "pm10": {"μg/m³"},
    "power": {"mW", "W", "kW", "MW"},
    "power_factor": {"%", None},
    "precipitation": {"cm", "mm"},
    "precipitation_intensity": {"mm/d", "mm/h"},
    "pressure": {"cbar", "bar", "hPa", "mmHg", "inHg", "inH₂O", "kPa", "mbar", "Pa", "psi", "mPa"},
    "signal_strength": {"dB", "dBm"},
    "sound_pressure": {"dB", "dBA"},
    "speed": {"m/s", "km/h", "mm/s"},
    "temperature": {"°C", "K"},
    "temperature_delta": {"°C", "K"},
    "volatile_organic_compounds": {"μg/m³", "mg/m³"},
    "volatile_organic_compounds_parts": {"ppb", "ppm"},
    "voltage": {"V", "mV", "kV"},
    "volume": {"L", "mL", "m³"},
    "volume_flow_rate": {"L/min", "L/h", "L/s", "m³/h"},
    "water": {"L", "m³"},
    "weight": {"kg", "g", "mg"},
    "wind_direction": {"°"},
    "wind_speed": {"m/s", "km/h"},
}
STATES = {"measurement", "measurement_angle", "total", "total_increasing"}
CATEGORIES = {"diagnostic"}
PLATFORMS = {
    "binary_sensor", "button", "cover", "event", "fan", "light", "lock", "number", "select", "sensor", "siren",
    "switch", "text", "valve",
}  # fmt: skip
EVENTS = {"button", "doorbell", "motion"}  # components/event/const.py
BINARY = {
    "battery", "battery_charging", "carbon_monoxide", "cold", "connectivity", "door", "garage_door", "gas", "heat",
    "light", "lock", "moisture", "motion", "moving", "occupancy", "opening", "plug", "power", "presence", "problem",
    "running", "safety", "smoke", "sound", "tamper", "update", "vibration", "window",
}  # components/binary_sensor/__init__.py  # fmt: skip
HOMIE = {"integer", "float", "boolean", "string", "enum", "color", "datetime", "duration", "json"}
