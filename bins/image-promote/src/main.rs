//! `image-promote`: makes the image that was tested the release, byte for byte.

fn main() {}
