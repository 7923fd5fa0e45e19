print("blueshift")
