package com.clinic.appointment;

import com.clinic.patient.Patient;
import javax.persistence.Entity;
import javax.persistence.ManyToOne;
import javax.persistence.Table;

@Entity
@Table(name = "APPOINTMENT")
public class Appointment {
    @ManyToOne
    private Patient patient;

    public Patient getPatient() { return patient; }
}
