/** Monthly statements, line by line, and the proof that they add up. */
@NullMarked
package dev.behalf.web.billing.statements;

import org.jspecify.annotations.NullMarked;
