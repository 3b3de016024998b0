//! Finding the line that carries the tune in a file of many tracks.
