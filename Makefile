# Installs rfpgen: the program, its manual page and the completions of three shells.
#
#     make                      build the program (as 'sh dev build' does)
#     make install              into /usr/local; PREFIX and DESTDIR as usual
#     make uninstall

PREFIX = /usr/local
DESTDIR =
BINARY = .build/release/rfpgen
INSTALL = install

root = $(DESTDIR)$(PREFIX)
program = $(root)/bin/rfpgen
manual = $(root)/share/man/man1/rfpgen.1
bash = $(root)/share/bash-completion/completions/rfpgen
zsh = $(root)/share/zsh/site-functions/_rfpgen
fish = $(root)/share/fish/vendor_completions.d/rfpgen.fish

all:
	sh dev build

$(BINARY):
	sh dev build

install: $(BINARY)
	$(INSTALL) -d "$(root)/bin" "$(root)/share/man/man1" "$(root)/share/bash-completion/completions" \
	  "$(root)/share/zsh/site-functions" "$(root)/share/fish/vendor_completions.d"
	$(INSTALL) -m 755 "$(BINARY)" "$(program)"
	"$(BINARY)" man > "$(manual)"
	"$(BINARY)" completions bash > "$(bash)"
	"$(BINARY)" completions zsh > "$(zsh)"
	"$(BINARY)" completions fish > "$(fish)"
	chmod 644 "$(manual)" "$(bash)" "$(zsh)" "$(fish)"

uninstall:
	rm -f "$(program)" "$(manual)" "$(bash)" "$(zsh)" "$(fish)"

.PHONY: all install uninstall
