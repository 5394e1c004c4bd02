/** What a month has cost, line by line, and the proof that it adds up. */
@NullMarked
package dev.behalf.web.billing.statements;

import org.jspecify.annotations.NullMarked;
