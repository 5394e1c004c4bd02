/** The key of the user whose job it is. */
@NullMarked
package dev.behalf.worker.secrets;

import org.jspecify.annotations.NullMarked;
