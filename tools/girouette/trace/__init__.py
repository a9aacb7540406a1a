"""`girouette trace`: the MQTT packets between a node and its broker, in words.

    proxy.py      between the two              capture.py  a file of tcpdump or Wireshark, reassembly.py its streams
          both feed a Conversation (conversation.py), which cuts streams into packets (framer.py), decodes them
          (packets.py from fields.py; rules.py names what a malformed one breaks), and makes Lines
    secrets.py    what is never shown          show.py     lines, JSON and the summary

A second opinion on leanmqtt: nothing of its code is used. No kept library decodes both MQTT 3.1.1 and 5 (mqttproto and
mqtt5 know 5 only, amqtt and scapy 3.1.1) or names the rule that a packet breaks; so only the layouts are written here,
while MQTT 5's properties and reason codes are paho's.
"""
