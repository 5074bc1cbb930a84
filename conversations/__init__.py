"""What is said, asked, understood and decided: pure, without input, output, clock or chance."""
