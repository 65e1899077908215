/** The R functions of scripts about the agreement of two readings. */

export const agreementPreamble = `
# ---- agreement ----------------------------------------------------------------------------------------------
# Cohen's kappa with the large-sample limits of Fleiss, Cohen and Everitt (1969); weights fall linearly with distance.
kappa_of <- function(first, second, codes, weighted) {
  if (!weighted) codes <- codes[codes %in% c(first, second)]
  k <- length(codes)
  counts <- table(factor(first, codes), factor(second, codes))
  n <- sum(counts)
  p <- counts / n
  w <- if (weighted) 1 - abs(outer(1:k, 1:k, "-")) / (k - 1) else diag(k)
  rows <- rowSums(p)
  cols <- colSums(p)
  observed <- sum(w * p)
  expected <- sum(w * outer(rows, cols))
  if (n == 0 || expected >= 1 - 1e-15) return(c(NA, NA, NA))
  kappa <- (observed - expected) / (1 - expected)
  both <- outer(as.vector(w %*% cols), as.vector(rows %*% w), "+")
  variance <- (sum(p * (w - both * (1 - kappa))^2) - (kappa - expected * (1 - kappa))^2) / (n * (1 - expected)^2)
  reach <- qnorm(0.975) * sqrt(max(0, variance))
  c(kappa, kappa - reach, min(1, kappa + reach))
}

# Intraclass correlation ICC(2,1): two-way, absolute agreement, single reading (McGraw and Wong 1996).
icc_of <- function(first, second) {
  n <- length(first)
  k <- 2
  if (n < 2) return(c(NA, NA, NA))
  long <- data.frame(y = c(first, second), subject = factor(rep(1:n, 2)), reader = factor(rep(1:2, each = n)))
  # Numbers too large to add have no mean squares.
  squares <- tryCatch(suppressWarnings(anova(lm(y ~ subject + reader, data = long)))[["Mean Sq"]], error = function(e) rep(NA, 3))
  msr <- squares[1]
  msc <- squares[2]
  mse <- squares[3]
  if (!all(is.finite(squares[1:3])) || msr == 0 || mse <= 1e-28 * msr) return(c(NA, NA, NA))
  icc <- (msr - mse) / (msr + (k - 1) * mse + k / n * (msc - mse))
  a <- k * icc / (n * (1 - icc))
  b <- 1 + k * icc * (n - 1) / (n * (1 - icc))
  v <- (a * msc + b * mse)^2 / ((a * msc)^2 / (k - 1) + (b * mse)^2 / ((n - 1) * (k - 1)))
  low <- qf(0.975, n - 1, v)
  high <- qf(0.975, v, n - 1)
  c(icc,
    n * (msr - low * mse) / (low * (k * msc + (k * n - k - n) * mse) + n * msr),
    n * (high * msr - mse) / (k * msc + (k * n - k - n) * mse + n * high * msr))
}

agreement_row <- function(at, x, y, statistic, codes = character(0)) {
  first <- x[population]
  second <- y[population]
  read <- if (statistic == "icc") !is.na(first) & !is.na(second) else first %in% codes & second %in% codes
  estimate <- if (statistic == "icc") icc_of(num(first[read]), num(second[read]))
    else kappa_of(first[read], second[read], codes, statistic == "weighted-kappa")
  compare(at, "EST", estimate)
  cell_counts(at, "EST", sum(read), sum(!read))
}
`
