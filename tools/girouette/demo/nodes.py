"""The nodes that the demo can show, and how each is drawn in a terminal."""

from . import house_view, live
from .greenhouse import Greenhouse
from .station import Station

NODES = {Station.name: Station, Greenhouse.name: Greenhouse}
VIEWS = {Station.name: live.draw, Greenhouse.name: house_view.draw}
