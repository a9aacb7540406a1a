# Freezes the node into a MicroPython of your own: its code then runs from flash, and takes less than half of the RAM.
#
#   girouette build ESP32_GENERIC --frozen        the tables that are made of the schemas, into build/frozen
#   make -C ports/esp32 BOARD=ESP32_GENERIC FROZEN_MANIFEST=/path/to/my-manifest.py
#
# where my-manifest.py includes the manifest of the board and this one: docs/build.md shows it.
metadata(description="Girouette: sensor and actuator nodes on an MQTT broker", version="0.1.0", license="MIT")

package("leanmqtt", base_path="../lib", opt=3)
package("drivers", base_path="../lib", opt=3)
package("node", opt=3)
freeze("../build/frozen", opt=3)
module("main.py", opt=3)
