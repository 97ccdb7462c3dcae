"""What imports and chat changed of times that had passed, noted for whoever keeps what was counted of them."""
