# One module for each sensor: `Bus`, what its driver takes first, made of nothing and allocating nothing; VALUES, what
# the driver reads from it. It may have `patch(module)`, which gives the driver's module what a board would.
