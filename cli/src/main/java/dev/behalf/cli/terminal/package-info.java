/** What a person reads: streams, colours, tables, the Way. */
@NullMarked
package dev.behalf.cli.terminal;

import org.jspecify.annotations.NullMarked;
