# Everything that a newcomer needs to know.

.PHONY: run test build bench

# Builds everything, starts it on http://localhost:8080 with ./data and a demo company.
run:
	@scripts/run

# Installs what tests need, checks the style, runs every test.
test:
	@scripts/test

# Builds the program, its front ends included: target/release/hark.
build:
	scripts/web
	cargo build --release --locked -p hark

# Measures the server beside the limits of this machine.
bench: build
	cargo build --release --locked -p hark-bench
	HARK_POSTGRES_FSYNC=on scripts/with-postgres cargo run --release --locked -p hark-bench -- run --hark "$${CARGO_TARGET_DIR:-target}/release/hark"
	cargo run --release --locked -p hark-bench -- sockets --hark "$${CARGO_TARGET_DIR:-target}/release/hark"
