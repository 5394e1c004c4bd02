/** The pages of those who look after the installation, and what they do there. */
@NullMarked
package dev.behalf.web.operators.console;

import org.jspecify.annotations.NullMarked;
