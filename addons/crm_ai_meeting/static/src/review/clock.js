/** Seconds as a person reads them: 3:07, 1:02:09. */
export function clock(seconds) {
    const whole = Math.floor(seconds || 0);
    const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
    const rest = String(whole % 60).padStart(2, "0");
    return hours
        ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}`
        : `${minutes}:${rest}`;
}
