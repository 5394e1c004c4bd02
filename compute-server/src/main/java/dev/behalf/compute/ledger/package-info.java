/** The append-only ledger of charges. */
@NullMarked
package dev.behalf.compute.ledger;

import org.jspecify.annotations.NullMarked;
