/** The contract between the services: messages, keys, signatures and problem codes. */
@NullMarked
package dev.behalf.contract;

import org.jspecify.annotations.NullMarked;
