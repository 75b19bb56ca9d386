# make demo     build herald and run it on the sample workspace
# make test     all that must hold: build, tests, format, and that output/ is what the build makes
# make output   make output/ anew, after the sample or the plan's form changed
# make format   lay the code out
# make bench    measure herald against its rivals (not part of the tests)
# make install  PREFIX=/usr/local
# make clean

SWIFT ?= swift
PREFIX ?= /usr/local
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
	@.ci/packages python3 git
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build
	$(MAKE) --no-print-directory lint
	$(SAMPLE) .ci/output .build/debug/herald
	git diff --exit-code -- output

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
	install -D -m 755 .build/release/herald $(DESTDIR)$(PREFIX)/bin/herald

clean:
	rm -rf .build Benchmarks/data
