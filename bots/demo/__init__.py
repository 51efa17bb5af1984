"""演示: a whole desk in one process, its platforms simulated, its people invented."""
