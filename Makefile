# Two commands do everything on a fresh Debian or Ubuntu: `make demo` and `make test`.
.PHONY: demo window test check bench pictures lock clean

BIN := .venv/bin

demo:
	@packaging/set_up.sh demo
	@$(BIN)/qcpump-qt demo

window:
	@packaging/set_up.sh demo
	@$(BIN)/qcpump-qt

test:
	@packaging/set_up.sh test
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term:skip-covered

check:
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench:
	@packaging/set_up.sh test
	$(BIN)/python benchmarks/run_all.py

pictures:
	@packaging/set_up.sh test
	$(BIN)/python packaging/take_pictures.py pictures

# Needs `pip install uv`; one lock for all supported versions of Python and all systems.
lock:
	uv pip compile -q --universal --python-version 3.10 --extra dev --extra desktop --extra socks --extra fdb \
	    pyproject.toml -o requirements-dev.lock --no-emit-index-url --no-header

clean:
	rm -rf .venv build dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
