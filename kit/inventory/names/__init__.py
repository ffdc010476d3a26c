"""What a name in the source stands for: modules, bindings, re-exports, calls."""
