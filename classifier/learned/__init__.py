"""What is learned from labelled texts and from staff's corrections."""
