/** The operators' console: its pages and the actions on them. */
@NullMarked
package dev.behalf.web.operators.console;

import org.jspecify.annotations.NullMarked;
