"""Running a suite on the machines of a Dask cluster."""
