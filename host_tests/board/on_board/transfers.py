# Runs on the simulated board: what each forwarder allocates. Prints "<name> <live> <total> locked" and "done".

import time

import _onewire
import machine
import network
from gate import verdict

i2c = machine.I2C(0, scl=machine.Pin(22), sda=machine.Pin(21))
led = machine.Pin(2, machine.Pin.OUT)
watchdog = machine.WDT(timeout=60000)
wlan = network.WLAN(network.STA_IF)
one, eight = bytearray(1), bytearray(8)
clock = machine.RTC()
clock.datetime((2026, 6, 1, 0, 12, 0, 0, 0))


def read_memory():
    i2c.readfrom_mem_into(0x76, 0xF7, eight)


def write_memory():
    i2c.writeto_mem(0x76, 0xF5, one)


def read_and_write():
    i2c.writeto(0x76, one)
    i2c.readfrom_into(0x76, eight)


def pins():
    led.on()
    led.value(0)
    led.value()


def wifi():
    wlan.isconnected()
    wlan.status()


def feed():
    watchdog.feed()


def whole_seconds():
    time.time()


def ticks():
    time.ticks_diff(time.ticks_add(time.ticks_ms(), 1000), time.ticks_ms())


def sleep():
    time.sleep_ms(0)


lamp = machine.PWM(machine.Pin(4), freq=1000, duty_u16=0)
adc = machine.ADC(machine.Pin(34))
lan = network.LAN(mdc=23, mdio=18, phy_type=network.PHY_LAN8720, phy_addr=0)


def pwm():
    lamp.duty_u16(40000)
    lamp.duty_u16()


def analogue():
    adc.read_u16()
    adc.read_uv()


def wire():
    lan.isconnected()
    lan.status()


line, pulses = machine.Pin(13), machine.Pin(14)
line.init(machine.Pin.OPEN_DRAIN, machine.Pin.PULL_UP)
_onewire.reset(line)
five = bytearray(5)


def onewire():
    _onewire.reset(line)
    _onewire.writebyte(line, 0xCC)
    _onewire.writebit(line, 1)
    _onewire.readbit(line)
    _onewire.readbyte(line)
    _onewire.crc8(eight)


def dht():
    machine.dht_readinto(pulses, five)


def deliberate():
    bytearray(8)


steps = (read_memory, write_memory, read_and_write, pins, wifi, feed, whole_seconds, ticks, sleep, pwm, analogue, wire)
for step in steps + (onewire, deliberate):
    print(step.__name__, end=" ")
    verdict(step, 200)
print(dht.__name__, end=" ")
verdict(dht, 3)
print("done")
