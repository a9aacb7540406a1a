"""`make demo`: a broker, a weather station on a simulated board, and what a subscriber of its own really receives.

show.py joins the parts: brokers.py, station.py and subscriber.py are the three ends, live.py and plain.py the views.
"""
