# make demo     build herald and run it on the sample workspace
# make test     all that must hold: build, tests, format, that output/ is what the build makes, and the demo
# make output   make output/ anew, after the sample or the plan's form changed
# make format   lay the code out
# make bench    measure herald against its rivals (not part of the tests)
# make install  the program, stripped, into PREFIX/bin (/usr/local)
# make clean

SWIFT ?= swift
PREFIX ?= /usr/local
# How long each of the six parsers is fed with spoiled input, so a minute in all.
MUTATION_SECONDS ?= 12
FORMATTED := -r -p Sources Tests Package.swift

# The sample's clock and key. The key is public: it guards made-up people, and everybody is to get the same digests.
SAMPLE := HERALD_NOW=2027-02-15T09:00:00+01:00 HERALD_KEY=YSBwdWJsaWMga2V5OiBpdCBndWFyZHMgbm90aGluZyE=

.PHONY: demo test output format lint bench install clean release packages

demo: release
	@$(SAMPLE) .ci/demo .build/release/herald

release: packages
	$(SWIFT) build -c release --product herald --static-swift-stdlib

packages:
	@.ci/packages

test:
	@.ci/packages python3 git gcc openssl exim4-daemon-light postgresql clickhouse-server
	@echo "== 1/5 build, with tests (some minutes at the first time)"
	$(SWIFT) build --build-tests
	@echo "== 2/5 tests (about two minutes; they run the built program too)"
	HERALD_TEST_SERVERS=1 HERALD_MUTATION_SECONDS=$(MUTATION_SECONDS) $(SWIFT) test --skip-build
	@echo "== 3/5 format"
	@$(MAKE) --no-print-directory lint
	@echo "== 4/5 is output/ what this build makes of the sample? (if not: make output, and look at the difference)"
	@$(SAMPLE) .ci/output .build/debug/herald
	git diff --exit-code -- output
	@echo "== 5/5 the demo, from validate to the last mail (its words are in .build/demo.log)"
	@$(SAMPLE) .ci/demo .build/debug/herald >.build/demo.log || { tail -n 20 .build/demo.log; exit 1; }
	@echo "== all of it holds"

output: release
	$(SAMPLE) .ci/output .build/release/herald

lint:
	$(SWIFT) format lint --strict $(FORMATTED)

format:
	$(SWIFT) format --in-place $(FORMATTED)

bench: release
	@.ci/packages python3 python3-venv time gcc
	Benchmarks/run

install: release
	install -s -D -m 755 .build/release/herald $(DESTDIR)$(PREFIX)/bin/herald

clean:
	rm -rf .build Benchmarks/data
