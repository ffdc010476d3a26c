from kit.inventory.source.extraction import extract as extract
