/** Output for people: streams, colours, tables and the timeline. */
@NullMarked
package dev.behalf.cli.terminal;

import org.jspecify.annotations.NullMarked;
