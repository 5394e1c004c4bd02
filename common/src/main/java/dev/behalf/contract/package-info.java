/** What the services say to each other: messages, keys, signatures and problem codes. */
@NullMarked
package dev.behalf.contract;

import org.jspecify.annotations.NullMarked;
