/** The R functions that every script carries: reading, comparing, and the statistics of tables and visits. */

export const preamble = String.raw`
# ---- reading and comparing -------------------------------------------------------------------------------
read_set <- function(file) {
  d <- read.csv(file, colClasses = "character", na.strings = "", encoding = "UTF-8", check.names = FALSE)
  # One apostrophe stands before texts that a spreadsheet would run as a formula.
  d[] <- lapply(d, function(x) sub("^'", "", x))
  d
}
num <- function(x) as.numeric(x)
yes <- function(x) ifelse(is.na(x), NA, x == "Y")
is_true <- function(x) !is.na(x) & x

results <- new.env()
results$equal <- 0
results$different <- 0
results$left_out <- 0
results$seen <- rep(FALSE, nrow(ours))

say <- function(verdict, place, printed, computed) {
  if (verdict != "equal" || !exists("casebook_quiet")) {
    cat(sprintf("%-9s %s: printed %s, R %s\n", verdict, place, printed, computed))
  }
}

# Whether a printed number is what the computed one rounds to.
rounds_to <- function(shown, value) {
  digits <- if (grepl(".", shown, fixed = TRUE)) nchar(sub("^[^.]*[.]", "", shown)) else 0
  abs(as.numeric(shown) - value) <= 0.5 * 10^(-digits) + 1e-9 * max(1, abs(value))
}
close_to <- function(a, b) abs(a - b) <= 1e-6 * max(abs(a), abs(b)) + 1e-12

same <- function(text, full, values) {
  usable <- values[is.finite(values)]
  if (grepl("^(<|>) ?[0-9.]+$", text)) {
    limit <- as.numeric(sub("^(<|>) ?", "", text))
    inside <- if (substr(text, 1, 1) == "<") usable < limit else usable > limit
    return(length(usable) == 1 && inside && (length(full) == 0 || close_to(full[1], usable)))
  }
  shown <- regmatches(text, gregexpr("-?[0-9]+([.][0-9]+)?(e[+-]?[0-9]+)?", text))[[1]]
  if (length(shown) == 0 && length(full) == 0) return(length(usable) == 0)
  if (length(usable) != max(length(shown), length(full))) return(FALSE)
  for (i in seq_along(full)) if (!close_to(full[i], usable[i])) return(FALSE)
  # Full digits say more than printed ones, which are only looked at where there are no others to decide.
  for (i in seq_along(shown)) if (!rounds_to(shown[i], usable[i])) return(FALSE)
  TRUE
}

place_of <- function(at, column) {
  row <- which(ours$AT == as.character(at) & ours$COL == column)
  if (length(row) == 1) row else NA
}

compare <- function(at, column, values) {
  values <- as.numeric(values)
  row <- place_of(at, column)
  computed <- paste(format(values, digits = 10, trim = TRUE), collapse = " ")
  if (is.na(row)) {
    if (any(is.finite(values))) {
      results$different <- results$different + 1
      say("different", paste(at, column, sep = " | "), "nothing", computed)
    }
    return(invisible())
  }
  results$seen[row] <- TRUE
  full <- as.numeric(unlist(ours[row, paste0("V", 1:8)]))
  equal <- same(ours$TEXT[row], full[!is.na(full)], values)
  results[[if (equal) "equal" else "different"]] <- results[[if (equal) "equal" else "different"]] + 1
  say(if (equal) "equal" else "different", paste(ours$ROW[row], column, sep = " | "), ours$TEXT[row], computed)
  invisible()
}

compare_text <- function(at, column, text) {
  row <- place_of(at, column)
  printed <- if (is.na(row)) NA else ours$TEXT[row]
  if (!is.na(row)) results$seen[row] <- TRUE
  equal <- !is.na(row) && (identical(enc2utf8(printed), enc2utf8(text)) || isTRUE(suppressWarnings(close_to(as.numeric(printed), as.numeric(text)))))
  results[[if (equal) "equal" else "different"]] <- results[[if (equal) "equal" else "different"]] + 1
  say(if (equal) "equal" else "different", paste(at, column, sep = " | "), printed, text)
  invisible()
}

# Rows whose values would tell the arm of subjects to somebody who must not know it.
left_out <- function(at) {
  rows <- which(ours$AT %in% as.character(at) & !results$seen)
  results$seen[rows] <- TRUE
  results$left_out <- results$left_out + length(rows)
}

# What needs a package that is not installed.
not_computed <- function(at, column, why) {
  row <- place_of(at, column)
  if (is.na(row)) return(invisible())
  results$seen[row] <- TRUE
  cat(sprintf("not computed %s | %s: printed %s (%s)\n", ours$ROW[row], column, ours$TEXT[row], why))
}

left_out_column <- function(column) {
  rows <- which(ours$COL == column & !results$seen)
  results$seen[rows] <- TRUE
  results$left_out <- results$left_out + length(rows)
}

finish <- function() {
  for (row in which(!results$seen)) {
    results$different <- results$different + 1
    say("different", paste(ours$ROW[row], ours$COL[row], sep = " | "), ours$TEXT[row], "nothing")
  }
  if (results$left_out > 0) cat(results$left_out, "left out: they would tell the arm of subjects\n")
  used <- intersect(c("survival", "cmprsk"), loadedNamespaces())
  versions <- c(R.version.string, sapply(used, function(name) paste(name, packageVersion(name))))
  if (!exists("casebook_batch")) cat("computed by ", paste(versions, collapse = ", "), "\n", sep = "")
  cat(sprintf("%d equal, %d different\n", as.integer(results$equal), as.integer(results$different)))
  if (exists("casebook_batch")) {
    assign("casebook_different", casebook_different + results$different, envir = globalenv())
  } else {
    quit(save = "no", status = if (results$different == 0) 0 else 1)
  }
}

# ---- numbers of groups --------------------------------------------------------------------------------------
# A value may differ from column to column (visits): then it is a list by column.
value_in <- function(x, key) if (is.list(x)) x[[key]] else x

attempt <- function(compute) {
  p <- tryCatch(suppressWarnings(compute()), error = function(e) NA)
  if (length(p) == 1 && is.finite(p)) p else NA
}

summary_of <- function(x, statistic, type = 7) {
  if (length(x) == 0) return(NA)
  q <- function(p) as.numeric(quantile(x, p, type = type))
  switch(statistic,
    "mean-sd" = c(mean(x), if (length(x) > 1) sd(x) else NA),
    "mean-se" = c(mean(x), if (length(x) > 1) sd(x) / sqrt(length(x)) else NA),
    "mean" = mean(x),
    "median" = q(0.5),
    "median-iqr" = q(c(0.5, 0.25, 0.75)),
    "median-range" = q(c(0.5, 0, 1)),
    "quartiles" = q(c(0.25, 0.75)),
    "range" = q(c(0, 1)),
    "five" = q(c(0.5, 0.25, 0.75, 0, 1)),
    "sum" = sum(x))
}

test_numbers <- function(name, samples) {
  attempt(function() {
    samples <- lapply(samples, function(x) x[!is.na(x)])
    by_ranks <- name %in% c("kruskal-wallis", "mann-whitney", "mann-whitney-cc")
    # Where all values are alike no rank differs.
    alike <- by_ranks && length(unique(unlist(samples))) == 1
    if (name %in% c("kruskal-wallis", "anova")) {
      samples <- samples[lengths(samples) > 0]
      x <- unlist(samples, use.names = FALSE)
      g <- factor(rep(seq_along(samples), lengths(samples)))
      if (alike && nlevels(g) > 1) return(1)
      if (name == "anova") return(anova(lm(x ~ g))[["Pr(>F)"]][1])
      return(kruskal.test(x, g)$p.value)
    }
    if (length(samples) != 2) stop("two samples")
    if (alike && all(lengths(samples) > 0)) return(1)
    x <- samples[[1]]
    y <- samples[[2]]
    switch(name,
      "t-test" = t.test(x, y, var.equal = TRUE)$p.value,
      "welch" = t.test(x, y)$p.value,
      "mann-whitney" = wilcox.test(x, y, exact = FALSE, correct = FALSE)$p.value,
      "mann-whitney-cc" = wilcox.test(x, y, exact = FALSE, correct = TRUE)$p.value)
  })
}

# Rows are outcomes, columns groups. Rows and columns without anybody change nothing.
test_counts <- function(name, table) {
  attempt(function() {
    if (sum(table) == 0) stop("nobody")
    if (name == "chi-square") return(chisq.test(table, correct = FALSE)$p.value)
    if (!all(dim(table) == 2)) table <- table[rowSums(table) > 0, colSums(table) > 0, drop = FALSE]
    if (name == "fisher-one-sided") {
      if (!all(dim(table) == 2)) stop("not 2 x 2")
      return(min(fisher.test(table, alternative = "less")$p.value, fisher.test(table, alternative = "greater")$p.value))
    }
    # One row or one column is the only table of its margins.
    if (any(dim(table) < 2)) return(1)
    fisher.test(table, workspace = 2e7)$p.value
  })
}

# Differences of decimals are rounded to 13 digits of the larger member, so that equal steps tie.
differences <- function(x, y) {
  size <- pmax(abs(x), abs(y))
  d <- x - y
  digits <- 13 - ceiling(log10(ifelse(size == 0, 1, size)))
  if (any(!is.finite(d))) stop("too large")
  ifelse(d == 0, 0, mapply(round, d, digits))
}

test_pairs <- function(name, x, y) {
  attempt(function() {
    known <- !is.na(x) & !is.na(y)
    x <- x[known]
    y <- y[known]
    switch(name,
      "paired-t" = t.test(x, y, paired = TRUE)$p.value,
      "signed-rank" = wilcox.test(differences(x, y), exact = FALSE, correct = FALSE)$p.value,
      "mcnemar" = {
        changed <- sum(x != y)
        # Nobody changed: nothing speaks for a difference.
        if (length(x) > 0 && changed == 0) 1
        else pchisq((sum(x > y) - sum(x < y))^2 / changed, 1, lower.tail = FALSE)
      })
  })
}

compare_tests <- function(at, names, compute) {
  for (i in seq_along(names)) compare(at, if (i == 1) "p" else paste0("p", i), compute(names[i]))
}

cell_counts <- function(at, key, n, missing) {
  compare(at, paste0(key, ".n"), n)
  compare(at, paste0(key, ".missing"), missing)
}

# ---- rows of tables -----------------------------------------------------------------------------------------
columns_row <- function() for (key in names(columns)) compare(-1, key, sum(columns[[key]]))

number_row <- function(at, x, statistic, tests = character(0), type = 7) {
  samples <- lapply(names(columns), function(key) num(value_in(x, key))[columns[[key]]])
  for (i in seq_along(columns)) {
    known <- samples[[i]][!is.na(samples[[i]])]
    compare(at, names(columns)[i], summary_of(known, statistic, type))
    cell_counts(at, names(columns)[i], length(known), sum(is.na(samples[[i]])))
  }
  compare_tests(at, tests, function(name) test_numbers(name, samples))
}

count_row <- function(at, x, plain = FALSE, tests = character(0)) {
  counts <- matrix(0, 2, length(columns))
  for (i in seq_along(columns)) {
    key <- names(columns)[i]
    answers <- yes(value_in(x, key))[columns[[i]]]
    known <- sum(!is.na(answers))
    count <- sum(is_true(answers))
    counts[, i] <- c(count, known - count)
    # Of nobody with an answer it is not known that it is none.
    compare(at, key, if (known == 0) NA else if (plain) count else c(count, 100 * count / known))
    cell_counts(at, key, known, sum(is.na(answers)))
  }
  compare_tests(at, tests, function(name) test_counts(name, counts))
}

code_rows <- function(at, x, codes, plain = FALSE, tests = character(0)) {
  counts <- matrix(0, length(codes), length(columns))
  for (i in seq_along(columns)) {
    key <- names(columns)[i]
    answers <- value_in(x, key)[columns[[i]]]
    known <- sum(!is.na(answers))
    for (k in seq_along(codes)) {
      counts[k, i] <- sum(is_true(answers == codes[k]))
      compare(at + k, key, if (known == 0) NA else if (plain) counts[k, i] else c(counts[k, i], 100 * counts[k, i] / known))
      cell_counts(at + k, key, known, sum(is.na(answers)))
    }
  }
  compare_tests(at, tests, function(name) test_counts(name, counts))
}

known_row <- function(at, x) {
  for (key in names(columns)) {
    members <- columns[[key]]
    compare(at, key, sum(!is.na(value_in(x, key)[members])))
    cell_counts(at, key, sum(members), 0)
  }
}

# Subjects of a column, in percent of the population or of another group.
size_row <- function(at, whole, plain = FALSE) {
  for (key in names(columns)) {
    n <- sum(columns[[key]])
    # Groups may overlap: more than the whole is no share of it.
    is_share <- whole[[key]] > 0 && n <= whole[[key]] && !plain
    compare(at, key, if (is_share) c(n, 100 * n / whole[[key]]) else n)
    cell_counts(at, key, whole[[key]], 0)
  }
}

# By how many percent the mean lies below that of the values it is held against, on subjects with both.
fall_row <- function(at, x, against) {
  for (key in names(columns)) {
    value <- num(value_in(x, key))[columns[[key]]]
    start <- num(value_in(against, key))[columns[[key]]]
    both <- !is.na(value) & !is.na(start)
    fall <- if (any(both) && isTRUE(is.finite(mean(start[both])) && mean(start[both]) != 0)) 100 * (1 - mean(value[both]) / mean(start[both])) else NA
    compare(at, key, fall)
    n <- if (is.na(fall)) 0 else sum(both)
    cell_counts(at, key, n, length(both) - n)
  }
}

as_number <- function(x) ifelse(x %in% c("Y", "N"), as.numeric(x == "Y"), suppressWarnings(as.numeric(x)))
paired_row <- function(at, x, against, test) {
  for (key in names(columns)) {
    members <- columns[[key]]
    compare(at, paste0(key, ".p"), test_pairs(test, as_number(value_in(x, key))[members], as_number(value_in(against, key))[members]))
  }
}

standing_row <- function(at, x, is_one) {
  for (key in names(columns)) {
    compare(at, key, sum(is_one(x[columns[[key]]])))
    cell_counts(at, key, sum(columns[[key]]), 0)
  }
}

# ---- steps of a flow, visits, listings ----------------------------------------------------------------------
step_row <- function(at, met, by_arm) {
  compare(at, "n", sum(is_true(met)))
  if (by_arm) for (key in names(columns)) compare(at, key, sum(is_true(met) & columns[[key]]))
}

visit_row <- function(at, group, visit, x, statistic, test = NULL, baseline = NULL) {
  sample <- num(x)[columns[[group]]]
  known <- sample[!is.na(sample)]
  compare(at, visit, summary_of(known, statistic))
  compare(at, paste0(visit, ".n"), length(known))
  if (!is.null(test)) compare(at, paste0(visit, ".p"), test_pairs(test, sample, num(baseline)[columns[[group]]]))
}

visit_between <- function(at, visit, x, test) {
  compare(at, paste0(visit, ".p"), test_numbers(test, lapply(columns, function(g) num(x)[g])))
}

# The labels of all rules that are true, one after the other.
listing_each <- function(column, rules) {
  for (i in seq_along(rules[[1]])) {
    labels <- names(rules)[sapply(rules, function(x) is_true(yes(x[i])))]
    compare_text(i - 1, column, if (length(labels) == 0) "\u2013" else paste(labels, collapse = ", "))
  }
}

listing_column <- function(column, x, labels = character(0), several = FALSE) {
  shown <- function(value) if (value %in% names(labels)) labels[[value]] else value
  for (i in seq_along(x)) {
    value <- x[i]
    parts <- if (several && !is.na(value)) strsplit(value, ";", fixed = TRUE)[[1]] else value
    compare_text(i - 1, column, if (is.na(value)) "\u2013" else paste(sapply(parts, shown), collapse = ", "))
  }
}
`
