/** The pages. */
@NullMarked
package dev.behalf.web.ui;

import org.jspecify.annotations.NullMarked;
